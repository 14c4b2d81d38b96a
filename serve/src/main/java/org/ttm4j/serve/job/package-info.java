/** Work that goes on after the request for it is answered. Start with {@link org.ttm4j.serve.job.Jobs}. */
package org.ttm4j.serve.job;
