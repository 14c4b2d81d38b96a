/** The protocols of public benchmarks: how series are split, and how errors are measured. */
package org.ttm4j.eval.protocol;
