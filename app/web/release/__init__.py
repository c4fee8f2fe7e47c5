"""Pages of released data: what was released to whom, the form, the workbook."""
