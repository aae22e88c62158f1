/** An application's own JAX-RS resources, at paths around those of Gatehouse's endpoints. */
package io.gatehouse.servers.neighbour;
