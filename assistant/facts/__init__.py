"""What a form says, worked out once and shared by rules and score sheet: money, costs, reach of each row, goals, scores, texts."""
