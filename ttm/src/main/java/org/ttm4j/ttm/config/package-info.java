/** The configuration of a model: its keys, their rules, and what they imply. Start with {@link org.ttm4j.ttm.config.TtmConfig}. */
package org.ttm4j.ttm.config;
