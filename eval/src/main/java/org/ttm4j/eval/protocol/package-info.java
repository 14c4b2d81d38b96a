/** The protocols of public benchmarks: how series are split, to fine-tune on and to test, and how errors are measured. */
package org.ttm4j.eval.protocol;
