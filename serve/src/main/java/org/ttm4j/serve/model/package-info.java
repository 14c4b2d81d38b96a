/** The models that are served and the batches that run on them. Start with {@link org.ttm4j.serve.model.Batcher}. */
package org.ttm4j.serve.model;
