/**
 * The parts of a Tiny Time Mixer, named as in the published checkpoints. Start with
 * {@link org.ttm4j.ttm.model.TtmModel}. {@code forward} methods record operations on tensors of shape [B, C, P, D]
 * (batch, channels, patches, features) unless they say otherwise.
 */
package org.ttm4j.ttm.model;
