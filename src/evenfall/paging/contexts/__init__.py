"""What the pages of paging show, prepared as plain values."""
