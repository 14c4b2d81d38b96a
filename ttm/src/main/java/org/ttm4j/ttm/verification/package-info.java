/** Comparison of a model with recordings of the reference implementation. */
package org.ttm4j.ttm.verification;
