/** Every tensor of a forward pass, named as in the checkpoint. Start with {@link org.ttm4j.ttm.inspect.Trace}. */
package org.ttm4j.ttm.inspect;
