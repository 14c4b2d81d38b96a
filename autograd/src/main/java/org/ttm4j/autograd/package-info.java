/**
 * Reverse-mode automatic differentiation. Start with {@link org.ttm4j.autograd.Graph}: operations are recorded once,
 * then run forward and backward any number of times in the same memory. The package {@code op} has one file per
 * operation, forward and backward together; {@code nn} has the layers built from them; {@code optim} has AdamW and
 * learning-rate schedules.
 */
package org.ttm4j.autograd;
