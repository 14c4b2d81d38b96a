/**
 * The parts of a Tiny Time Mixer, one per file, named as in the published checkpoints. {@code forward} methods record
 * operations on tensors of shape [B, C, P, D] (batch, channels, patches, features) unless they say otherwise.
 */
package org.ttm4j.ttm.model;
