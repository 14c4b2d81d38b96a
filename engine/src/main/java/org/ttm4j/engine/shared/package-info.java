/** Kernels that the scalar and the vector set share, because neither needs a version of its own. */
package org.ttm4j.engine.shared;
