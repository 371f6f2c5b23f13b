"""Looking into what was decided about a document: an inspection page, and explanations in plain words.

Nothing here takes part in a run. What a run decided is read from its records, and the evidence for it is weighed again
beside it, so that a run pays nothing for being open to question.
"""
