"""Pages of training and mobilisation meetings."""
