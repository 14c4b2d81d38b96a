/** AdamW, learning-rate schedules and gradient clipping, as PyTorch defines them. */
package org.ttm4j.autograd.optim;
