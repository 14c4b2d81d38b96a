/**
 * Reverse-mode automatic differentiation. Start with {@link org.ttm4j.autograd.Graph}: operations are recorded once,
 * then run forward and backward any number of times in the same memory. {@code op} has one operation a file, forward
 * and backward together; {@code nn} the layers made of them; {@code optim} AdamW and learning-rate schedules.
 */
package org.ttm4j.autograd;
