"""The law as the register keeps it: versions of the procedures, drafts of them, and the articles that the bureau has read."""
