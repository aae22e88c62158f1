package io.gatehouse.servers.guarded;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Set;

/** An identity store that accepts every user whose password equals the name. */
@ApplicationScoped
public class Members implements IdentityStore {

    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
        return credential.compareTo(credential.getCaller(), credential.getCaller())
                ? new CredentialValidationResult(credential.getCaller(), Set.of("member"))
                : CredentialValidationResult.INVALID_RESULT;
    }
}
