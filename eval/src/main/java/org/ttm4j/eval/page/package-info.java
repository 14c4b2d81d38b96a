/** The page in which a bundled model runs, so that one can see what it computes. Begin with {@link org.ttm4j.eval.page.ModelPage}. */
package org.ttm4j.eval.page;
