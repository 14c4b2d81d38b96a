/** What the scalar and the vector kernels share: kernels that neither tunes. */
package org.ttm4j.engine.shared;
