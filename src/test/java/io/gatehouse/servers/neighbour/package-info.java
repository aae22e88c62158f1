/** An application's own JAX-RS resources, at paths next to Gatehouse's endpoints. */
package io.gatehouse.servers.neighbour;
