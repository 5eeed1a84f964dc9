"""Letters to households in arrears: who gets which, what it says, what is recorded."""
