"""What a shop would lay two exports side by side with instead: scripts, each run with packages of its own."""
