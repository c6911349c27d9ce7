"""Mail that comes in: alerts of tools that can only send mail, and answers to our pages.

It comes over our own SMTP server (`listener`) or out of a mailbox (`mailbox`). Both hand it to
`receiving`, which keeps an alert as a raw signal for the pipeline and gives an answer to paging. A
mail is confirmed, or marked as read, only after that is committed.
"""
