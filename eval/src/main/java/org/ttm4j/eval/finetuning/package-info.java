/** Series to fine-tune models on. Start with {@link org.ttm4j.eval.finetuning.FineTuningSeries}. */
package org.ttm4j.eval.finetuning;
