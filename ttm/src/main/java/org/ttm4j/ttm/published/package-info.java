/**
 * The published checkpoints of the third generation: their names, which of them the reference takes for a history
 * ({@link org.ttm4j.ttm.published.PublishedModels}), and how it combines several of them
 * ({@link org.ttm4j.ttm.published.CheckpointEnsemble}).
 */
package org.ttm4j.ttm.published;
