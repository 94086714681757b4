"""What many programs share: option reading, input and output, quoting, accounts, dates, modes."""
