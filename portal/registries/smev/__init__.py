"""The portal as an information system of СМЭВ 3: it asks others through signed queues (INT-01)."""
