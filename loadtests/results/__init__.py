"""What a load test has found: figures of its raw samples, objectives judged by them."""
