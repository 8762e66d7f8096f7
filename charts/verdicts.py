"""The verdicts as they stand in the frames that are drawn and told of: the values of ``analysis.verdict.Verdict``."""

HIGHER, LOWER = "högre än väntat", "lägre än väntat"
NORMAL, TOO_LITTLE = "inom normal variation", "för litet underlag"
