/** Series that are kept and arrive value by value. Start with {@link org.ttm4j.serve.live.LiveRoutes}. */
package org.ttm4j.serve.live;
