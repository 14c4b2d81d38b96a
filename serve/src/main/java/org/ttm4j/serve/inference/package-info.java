/** The Open Inference Protocol, version 2. Start with {@link org.ttm4j.serve.inference.InferenceRoutes}. */
package org.ttm4j.serve.inference;
