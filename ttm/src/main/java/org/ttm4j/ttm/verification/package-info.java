/** Compares a model with recordings of the reference library. */
package org.ttm4j.ttm.verification;
