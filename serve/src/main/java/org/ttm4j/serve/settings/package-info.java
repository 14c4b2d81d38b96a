/** How the service is started. Start with {@link org.ttm4j.serve.settings.Settings}. */
package org.ttm4j.serve.settings;
