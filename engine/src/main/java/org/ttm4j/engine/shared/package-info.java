/** Kernels that the scalar and the vector set share, because neither needs a tuned version. */
package org.ttm4j.engine.shared;
