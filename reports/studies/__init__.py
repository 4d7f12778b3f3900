"""What people read of a comparison, a sweep and a plan: words and rows, pages, plots."""
