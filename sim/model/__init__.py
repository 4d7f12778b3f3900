"""What is simulated: the journey graph, stations, arrivals and applicants, compiled from a
scenario."""
