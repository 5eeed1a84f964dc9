"""目标任务: what a year was told to do, what is done, and how much of the time has passed."""
