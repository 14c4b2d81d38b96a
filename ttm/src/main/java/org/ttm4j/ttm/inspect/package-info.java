/**
 * What a model does with a series. Start with {@link org.ttm4j.ttm.inspect.Trace}: every tensor of a forecast by the names of
 * the checkpoint.
 */
package org.ttm4j.ttm.inspect;
