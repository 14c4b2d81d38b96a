/**
 * Inspection of a forward pass. Start with {@link org.ttm4j.ttm.inspect.Trace}, which has every tensor of a forecast,
 * named as in the checkpoint.
 */
package org.ttm4j.ttm.inspect;
