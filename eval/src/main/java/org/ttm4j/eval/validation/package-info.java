/** Data sets that are kept aside from pre-training, to measure models on. */
package org.ttm4j.eval.validation;
