/** The protocols of public benchmarks: which rows train, which are measured, and how. */
package org.ttm4j.eval.protocol;
