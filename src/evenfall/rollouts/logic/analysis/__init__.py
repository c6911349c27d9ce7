"""What the numbers of a rollout say, as pure functions: each answer has a reason.

Fast lanes look at counts every second (`guard`, `burn`, `sprt`), slow lanes at series of values
(`rank`, `judging`, `score`) and at single values (`conditions`, `counting`).
"""
