/** The configuration of a model: its keys and their rules. Start with {@link org.ttm4j.ttm.config.TtmConfig}. */
package org.ttm4j.ttm.config;
