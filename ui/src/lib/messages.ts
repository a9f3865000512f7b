// Every message of the window and what it is told, made of crates/words/en/window by `make types`.

export interface Messages {
  /** What is collected */
  'about-collected': null;
  /** Nothing. MCP Valet talks to your servers, to where you sign in to them, and to addresses that your configuration names. It looks for no updates. */
  'about-collected-nothing': null;
  /** This page */
  'about-key-about': null;
  /** Activity */
  'about-key-activity': null;
  /** Add a server */
  'about-key-add': null;
  /** Back to the servers */
  'about-key-back': null;
  /** Close the window; MCP Valet goes on */
  'about-key-close': null;
  /** Filter servers */
  'about-key-find': null;
  /** Quit MCP Valet */
  'about-key-quit': null;
  /** Settings */
  'about-key-settings': null;
  /** Larger, smaller, usual size */
  'about-key-zoom': null;
  /** Keyboard */
  'about-keyboard': null;
  /** Licence */
  'about-licence': null;
  /** MIT or Apache 2.0, at your choice. */
  'about-licence-ours': null;
  /** Read both licences */
  'about-licence-texts': null;
  /** Loading… */
  'about-loading': null;
  /** Made with COUNT parts by others */
  'about-parts': { count: string | number };
  /** Where to report */
  'about-report': null;
  /** If something does not work: open an issue where you got MCP Valet. Settings has diagnostics to copy into it. */
  'about-report-fault': null;
  /** If it is a security weakness: report it in private, as a security advisory there or by mail. SECURITY.md says how. */
  'about-report-weakness': null;
  /** About MCP Valet */
  'about-title': null;
  /** Version VERSION */
  'about-version': { version: string | number };
  /** It holds the sign-ins of your MCP servers, and lends them to the programs that you allow. */
  'about-what': null;
  /** As ACCOUNT */
  'activity-account': { account: string | number };
  /** LABEL COUNT */
  'activity-bar': { count: string | number; label: string | number };
  /** This record was changed from outside. */
  'activity-broken': null;
  /** Entries SEQ to THROUGH were changed. */
  'activity-broken-changed': { count: string | number; seq: string | number; through: string | number };
  /** Something was put in at entry SEQ. */
  'activity-broken-inserted': { seq: string | number };
  /** Entries SEQ to THROUGH are missing. */
  'activity-broken-missing': { count: string | number; seq: string | number; through: string | number };
  /** Entries SEQ to THROUGH were moved. */
  'activity-broken-moved': { count: string | number; seq: string | number; through: string | number };
  /** Entries SEQ to THROUGH cannot be proven: the key in the keychain is another one. */
  'activity-broken-seal': { count: string | number; seq: string | number; through: string | number };
  /** Written WHEN. */
  'activity-broken-when': { when: string | number };
  /** WHAT in the last SPAN: SUMS */
  'activity-chart': { span: string | number; sums: string | number; what: string | number };
  /** Check again */
  'activity-check': null;
  /** Checking the record… */
  'activity-checking': null;
  /** COUNT times */
  'activity-count': { count: string | number };
  /** 7 days */
  'activity-days': null;
  /** WHO added SERVER */
  'activity-done-add': { by: string | number; server: string | number; who: string | number };
  /** WHO added SERVER, as you agreed */
  'activity-done-add-agreed': { by: string | number; server: string | number; who: string | number };
  /** You did not let WHO add SERVER */
  'activity-done-add_refused': { server: string | number; who: string | number };
  /** You allowed WHO to use SERVER always */
  'activity-done-allow_always': { server: string | number; who: string | number };
  /** You allowed WHO one call at SERVER */
  'activity-done-allow_call': { server: string | number; who: string | number };
  /** You allowed WHO to use SERVER once */
  'activity-done-allow_once': { server: string | number; who: string | number };
  /** You allowed WHO to use SERVER for now */
  'activity-done-allow_session': { server: string | number; who: string | number };
  /** You allowed WHO to call a tool at SERVER */
  'activity-done-allow_tool': { server: string | number; who: string | number };
  /** You allowed WHO to use SERVER until UNTIL */
  'activity-done-allow_until': { server: string | number; until: string | number; who: string | number };
  /** The record before this was changed from outside */
  'activity-done-audit_damaged': null;
  /** You backed everything up */
  'activity-done-back_up': null;
  /** You changed the passphrase */
  'activity-done-change_passphrase': null;
  /** You named SERVER as the account of WHO for a folder */
  'activity-done-choose_account': { server: string | number; who: string | number };
  /** You let WHO have no account for a folder */
  'activity-done-choose_no_account': { who: string | number };
  /** The configuration file was changed */
  'activity-done-configuration': null;
  /** The configuration file allowed more than at the last start */
  'activity-done-configuration_raised': null;
  /** WHO said “not now” to SERVER */
  'activity-done-decline': { by: string | number; server: string | number; who: string | number };
  /** You are not asked to sign in to SERVER any more */
  'activity-done-decline_for_good': { server: string | number };
  /** You did not allow WHO to use SERVER */
  'activity-done-deny': { server: string | number; who: string | number };
  /** You chose never to allow WHO to use SERVER */
  'activity-done-deny_always': { server: string | number; who: string | number };
  /** You did not allow WHO a call at SERVER */
  'activity-done-deny_call': { server: string | number; who: string | number };
  /** You did not allow WHO to use SERVER this once */
  'activity-done-deny_once': { server: string | number; who: string | number };
  /** You did not allow WHO to call a tool at SERVER */
  'activity-done-deny_tool': { server: string | number; who: string | number };
  /** You did not allow WHO to use SERVER until UNTIL */
  'activity-done-deny_until': { server: string | number; until: string | number; who: string | number };
  /** You changed SERVER */
  'activity-done-edit': { server: string | number };
  /** You took back your answer about WHO and SERVER */
  'activity-done-forget_answer': { by: string | number; server: string | number; who: string | number };
  /** WHO had it forgotten how a file of another program is put back, as you agreed */
  'activity-done-forget_file': { by: string | number; who: string | number };
  /** WHO led a host here, as you agreed */
  'activity-done-forward': { by: string | number; who: string | number };
  /** A forward ended */
  'activity-done-forward_ended': null;
  /** You did not let WHO lead a host here */
  'activity-done-forward_refused': { who: string | number };
  /** WHO got a token for SERVER */
  'activity-done-hand_out': { server: string | number; who: string | number };
  /** A web client was let in */
  'activity-done-let_in': null;
  /** A web client is let in no more */
  'activity-done-let_in_ended': null;
  /** WHO locked MCP Valet */
  'activity-done-lock': { by: string | number; who: string | number };
  /** MCP Valet was locked: WHY */
  'activity-done-lock-because': { why: string | number };
  /** You repaired the encrypted file */
  'activity-done-mend_vault': null;
  /** You moved your sign-ins to another place */
  'activity-done-move_vault': null;
  /** MCP Valet signed in to SERVER by itself */
  'activity-done-obtain': { server: string | number };
  /** WHO used SERVER */
  'activity-done-proxied': { server: string | number; who: string | number };
  /** WHO led another program back, as you agreed */
  'activity-done-put_back': { by: string | number; who: string | number };
  /** WHO got nothing for SERVER */
  'activity-done-refused': { server: string | number; who: string | number };
  /** WHO removed SERVER */
  'activity-done-remove': { by: string | number; server: string | number; who: string | number };
  /** You restored a backup */
  'activity-done-restore': null;
  /** WHO revoked SERVER */
  'activity-done-revoke': { by: string | number; server: string | number; who: string | number };
  /** WHO revoked everything */
  'activity-done-revoke_all': { by: string | number; who: string | number };
  /** You set what new programs get */
  'activity-done-set_agents': null;
  /** You said what tools of SERVER do */
  'activity-done-set_classes': { server: string | number };
  /** You filled in a client ID for SERVER */
  'activity-done-set_client': { server: string | number };
  /** WHO set the API key of SERVER */
  'activity-done-set_key': { by: string | number; server: string | number; who: string | number };
  /** You did not let WHO set the API key of SERVER */
  'activity-done-set_key_refused': { server: string | number; who: string | number };
  /** You set when MCP Valet locks */
  'activity-done-set_lock': null;
  /** You set the rules for WHO at SERVER */
  'activity-done-set_rules': { by: string | number; server: string | number; who: string | number };
  /** WHO led another program here, as you agreed */
  'activity-done-set_up': { by: string | number; who: string | number };
  /** You did not let WHO change files of other programs */
  'activity-done-set_up_refused': { who: string | number };
  /** You signed in to SERVER, as WHO asked */
  'activity-done-sign_in': { by: string | number; server: string | number; who: string | number };
  /** You stopped SERVER */
  'activity-done-stop_program': { server: string | number };
  /** A crash left an entry unfinished here */
  'activity-done-torn': null;
  /** You are asked to sign in to SERVER again */
  'activity-done-undecline': { server: string | number };
  /** WHO unlocked MCP Valet */
  'activity-done-unlock': { by: string | number; who: string | number };
  /** MCP Valet was unlocked: WHY */
  'activity-done-unlock-because': { why: string | number };
  /** Entries before this cannot be proven */
  'activity-done-unproven': null;
  /** Before this, WHY cannot be proven */
  'activity-done-unproven-which': { why: string | number };
  /** WHO wiped the API key of SERVER */
  'activity-done-wipe_key': { by: string | number; server: string | number; who: string | number };
  /** All kinds */
  'activity-every-kind': null;
  /** All programs */
  'activity-every-program': null;
  /** All servers */
  'activity-every-server': null;
  /** Find in activity */
  'activity-find': null;
  /** In FOLDER */
  'activity-folder': { folder: string | number };
  /** 24 hours */
  'activity-hours': null;
  /** Nothing was changed or removed: COUNT entries checked. */
  'activity-intact': { count: string | number };
  /** No change was found, but UNPROVEN of COUNT entries cannot be proven. */
  'activity-intact-except': { count: string | number; unproven: string | number };
  /** Kind */
  'activity-kind': null;
  /** Your answers */
  'activity-kinds-answer': null;
  /** Other */
  'activity-kinds-other': null;
  /** Refusals */
  'activity-kinds-refusal': null;
  /** Sign-ins */
  'activity-kinds-sign_in': null;
  /** Use */
  'activity-kinds-use': null;
  /** Looking… */
  'activity-loading': null;
  /** Show older */
  'activity-more': null;
  /** Nothing matches. */
  'activity-no-match': null;
  /** Nothing was done yet. */
  'activity-none': null;
  /** Program */
  'activity-program': null;
  /** Through MCP Valet alone */
  'activity-proxy-only': null;
  /** WHO wanted to sign in to SERVER, beside too many others */
  'activity-refused-busy': { server: string | number; who: string | number };
  /** WHO wanted SERVER, and nobody could be asked */
  'activity-refused-consent_required': { server: string | number; who: string | number };
  /** WHO wanted SERVER, to which you said “not now” */
  'activity-refused-declined': { server: string | number; who: string | number };
  /** WHO was not allowed to use SERVER */
  'activity-refused-denied': { server: string | number; who: string | number };
  /** WHO wanted SERVER while MCP Valet was locked */
  'activity-refused-locked': { server: string | number; who: string | number };
  /** WHO wanted to sign in to SERVER, while somebody else did */
  'activity-refused-sign_in_under_way': { server: string | number; who: string | number };
  /** WHO wanted SERVER, and there was no answer in time */
  'activity-refused-timeout': { server: string | number; who: string | number };
  /** Rule: RULE */
  'activity-rule': { rule: string | number };
  /** Permissions: SCOPES */
  'activity-scopes': { scopes: string | number };
  /** a server */
  'activity-server': null;
  /** Server */
  'activity-server-label': null;
  /** Span of the chart */
  'activity-span': null;
  /** COUNT older entries are not kept any more; later ones tell in short of what could be proven. */
  'activity-summed': { count: string | number };
  /** Through PROGRAM */
  'activity-through': { program: string | number };
  /** COUNT times since SINCE */
  'activity-times': { count: string | number; since: string | number };
  /** Activity */
  'activity-title': null;
  /** Tool: TOOL */
  'activity-tool': { tool: string | number };
  /** COUNT entries were left unfinished by a crash. */
  'activity-torn': { count: string | number };
  /** COUNT entries from before records could be checked. */
  'activity-unchained': { count: string | number };
  /** WHO: WHAT SERVER */
  'activity-unknown': { server: string | number; what: string | number; who: string | number };
  /** MCP Valet found them when it started, and nothing shows that it wrote them: it may have been locked or had no keychain then. */
  'activity-unvouched': null;
  /** Uses */
  'activity-uses': null;
  /** COUNT servers were added. */
  'add-added': { count: string | number };
  /** Already here */
  'add-already': null;
  /** Change */
  'add-change': null;
  /** Servers in this snippet */
  'add-choose-many': null;
  /** Found */
  'add-found': null;
  /** Its headers are taken over. A key among them goes into the vault. */
  'add-headers': null;
  /** Paste the server’s address, or a whole “mcpServers” snippet of another program. */
  'add-hint': null;
  /** Address, or a configuration to copy from */
  'add-label': null;
  /** Add it now, fill this in later */
  'add-later': null;
  /** Continue */
  'add-look': null;
  /** Looking… */
  'add-looking': null;
  /** Asking HOST… */
  'add-looking-at': { host: string | number };
  /** Name */
  'add-name': null;
  /** as your programs will call it */
  'add-name-note': null;
  /** Needs a client ID */
  'add-needs-client': null;
  /** no named permissions */
  'add-no-scopes': null;
  /** Open NAME */
  'add-open': { name: string | number };
  /** https://mcp.example.com/mcp */
  'add-placeholder': null;
  /** No preparation needed: you can sign in at once. */
  'add-registers': null;
  /** Add */
  'add-save': null;
  /** Add it anyway */
  'add-save-anyway': null;
  /** Add COUNT servers */
  'add-save-many': { count: string | number };
  /** Adding… */
  'add-saving': null;
  /** Asks for */
  'add-scopes': null;
  /** Signs in at */
  'add-signs-in-at': null;
  /** Signs in at one of */
  'add-signs-in-choice': null;
  /** has no address */
  'add-skipped-address': null;
  /** runs on this computer and needs no sign-in */
  'add-skipped-local': null;
  /** This address is here already, as NAME. Under another name it can have another account. */
  'add-there': { name: string | number };
  /** This is not an address. It begins with https://. */
  'add-wrong-address': null;
  /** Paste an address or a snippet. */
  'add-wrong-empty': null;
  /** This looks like a snippet, but it is not complete. Copy it from the first { to the last }. */
  'add-wrong-json': null;
  /** There is no server with an address in this snippet. */
  'add-wrong-none': null;
  /** Authorize again and allow it there, or ask your administrator. */
  'advice-access_denied': null;
  /**  */
  'advice-agents_denied': null;
  /** Ask your administrator. */
  'advice-alone-access_denied': null;
  /**  */
  'advice-alone-attempt_expired': null;
  /**  */
  'advice-alone-choosing_issuer': null;
  /** Revoke it. */
  'advice-alone-grant_damaged': null;
  /** Add them to its scopes in the configuration file. */
  'advice-alone-insufficient_scope': null;
  /** Check its client ID in the configuration file, and its secret under Details. */
  'advice-alone-invalid_client': null;
  /**  */
  'advice-alone-invalid_grant': null;
  /**  */
  'advice-alone-issuer_unanswered': null;
  /**  */
  'advice-alone-page_shared': null;
  /**  */
  'advice-alone-provider_error': null;
  /**  */
  'advice-alone-redirect_uri_shared': null;
  /**  */
  'advice-alone-replacement_refused': null;
  /**  */
  'advice-alone-sign_in_failed': null;
  /**  */
  'advice-alone-sign_in_open': null;
  /**  */
  'advice-alone-state_unknown': null;
  /**  */
  'advice-attempt_expired': null;
  /** Use it in the way for VS Code or for others: then the key stays in MCP Valet. */
  'advice-bound_to_a_key': null;
  /** Authorize again. */
  'advice-callback_issuer_mismatch': null;
  /** Check that programs may listen on this computer, or choose another port under Details. */
  'advice-cannot_listen': null;
  /** Check the paths of the certificate and of its key in the configuration file. */
  'advice-certificate_unreadable': null;
  /** Both have to be PEM files that belong together. The configuration file names them. */
  'advice-certificate_unusable': null;
  /**  */
  'advice-choosing_issuer': null;
  /**  */
  'advice-code-authorization_required': null;
  /**  */
  'advice-code-consent_required': null;
  /**  */
  'advice-code-declined': null;
  /**  */
  'advice-code-lapsed': null;
  /** Use it in the way for VS Code or for others: then the key stays in MCP Valet. */
  'advice-code-proxy_only': null;
  /**  */
  'advice-code-registration_lost': null;
  /** It may have been removed meanwhile. */
  'advice-code-unknown_server': null;
  /** Answer the question about the configuration first. */
  'advice-configuration_waits': null;
  /**  */
  'advice-declined_for_good': null;
  /** Install MCP Valet again: the demo is a part of it. */
  'advice-demo_not_started': null;
  /**  */
  'advice-device_expired': null;
  /** Tell whoever runs the server. */
  'advice-endpoint_elsewhere': null;
  /** Make room in etcd, and disarm its alarm. */
  'advice-engine_full': null;
  /** Look at the user of the shared vault, its rights and its password. */
  'advice-engine_refused': null;
  /** Look whether this machine reaches the endpoints of the shared vault. All goes on by itself once it answers. */
  'advice-engine_unreachable': null;
  /** More than half of the members of etcd have to run and reach each other. */
  'advice-engine_without_quorum': null;
  /** Settings shows where the configuration file is. */
  'advice-file': null;
  /** Try again. */
  'advice-fleet_overtaken': null;
  /** Find out what happened to the shared vault before anything of it is used. */
  'advice-fleet_tampered': null;
  /** Run “mcp-valetd fleet join” on this machine. */
  'advice-fleet_unjoined': null;
  /** Revoke it, then authorize again. */
  'advice-grant_damaged': null;
  /** Authorize again to allow these as well. If the configuration file lists its scopes, add them there first. */
  'advice-insufficient_scope': null;
  /** Authorize again. If you filled in a client ID, check it and its secret under Details. */
  'advice-invalid_client': null;
  /**  */
  'advice-invalid_grant': null;
  /** If this is meant, register an app at the new place, and fill in its client ID under Details. */
  'advice-issuer_changed': null;
  /** Check the network and the address. If you need a proxy, name it in the configuration file. */
  'advice-issuer_unreachable': null;
  /** Use it in the way for VS Code or for others: then the key stays in MCP Valet. */
  'advice-kept_to_the_proxy': null;
  /** Set it once more if it is to go there. */
  'advice-key_bound_elsewhere': null;
  /**  */
  'advice-key_missing': null;
  /** It may be mistyped, expired or revoked. Make another at the provider, and replace it here. */
  'advice-key_refused': null;
  /** Start a keychain such as gnome-keyring or KWallet, then unlock here. Or keep your sign-ins in an encrypted file. */
  'advice-keychain_absent': null;
  /** Look at it with the password program of your desktop; it may be full or damaged. Or keep your sign-ins in an encrypted file. */
  'advice-keychain_broken': null;
  /** Unlock it here: the keychain then asks for its password. */
  'advice-keychain_locked': null;
  /** Nothing was changed. It may be another keyring: open the right one, and everything is there again. */
  'advice-keychain_other': null;
  /** It may be asking for its password: look for that dialog. As soon as it answers, this goes on by itself. */
  'advice-keychain_slow': null;
  /** Log out and in again: most desktops make it then. Or create a keyring named “Login” with the password program of your desktop, then unlock here. Or keep your sign-ins in an encrypted file. */
  'advice-keychain_without_collection': null;
  /** Use it in the way for VS Code or for others: then the key stays in MCP Valet. */
  'advice-lasting_token': null;
  /**  */
  'advice-locked_by_idle': null;
  /**  */
  'advice-locked_by_person': null;
  /**  */
  'advice-locked_by_screen': null;
  /**  */
  'advice-locked_by_sleep': null;
  /**  */
  'advice-locked_meanwhile': null;
  /**  */
  'advice-made_room': null;
  /** Sign in on another device, if it offers that. If a program is to sign in there by itself, the configuration file has to say so. */
  'advice-no_browser_sign_in': null;
  /** Authorize in a browser on this computer instead. If this comes again, take device_code out of the configuration file. */
  'advice-no_device_sign_in': null;
  /** Your programs can use it as it is. */
  'advice-no_sign_in_needed': null;
  /**  */
  'advice-nobody_to_ask': null;
  /**  */
  'advice-not_renewable': null;
  /** If it was not you, look at Activity. */
  'advice-overtaken': null;
  /** If you know it and it is meant to use those pages, authorize again and say so. Else remove this server. */
  'advice-page_shared': null;
  /** Correct it in the configuration file. */
  'advice-parameter_reserved': null;
  /**  */
  'advice-passphrase_needed': null;
  /**  */
  'advice-passphrase_unset': null;
  /** End that program, or choose another port under Details. */
  'advice-port_in_use': null;
  /** Look at what the program wrote last, on the page of the server. */
  'advice-program_failed': null;
  /**  */
  'advice-proposal_refused': null;
  /** Write it into the configuration file by hand. */
  'advice-proposal_too_long': null;
  /**  */
  'advice-proposed': null;
  /** Tell whoever runs the server. If the other address is the right one, use that. */
  'advice-redirect_refused': null;
  /** Allow the redirect URI under Details there, or choose another port here. */
  'advice-redirect_uri_refused': null;
  /** Choose another port for it under Details, and register that redirect URI there. Or authorize again, and give it the address. */
  'advice-redirect_uri_shared': null;
  /**  */
  'advice-refresh_interrupted': null;
  /**  */
  'advice-refused_by_server': null;
  /** Register an app there, and fill in its client ID. */
  'advice-registration_missing': null;
  /** Register an app there yourself, and fill in its client ID under Details. */
  'advice-registration_refused': null;
  /** Revoke it first, then authorize again. */
  'advice-replacement_refused': null;
  /** Programs use it through MCP Valet. */
  'advice-runs_here': null;
  /** Check the network and the address. If you need a proxy, name it in the configuration file. */
  'advice-server_unreachable': null;
  /** Correct it in the configuration file. */
  'advice-setting_invalid': null;
  /** Finish it there, or authorize again. */
  'advice-sign_in_open': null;
  /** Finish it in the browser where it was begun, or authorize here. */
  'advice-sign_in_under_way': null;
  /** Look for it in the settings of your desktop. */
  'advice-start_at_login': null;
  /** Authorize again. */
  'advice-state_unknown': null;
  /** Set its API key on its page. */
  'advice-takes_keys': null;
  /** Choose another name, or open that server and use Details. */
  'advice-there_already': null;
  /** Ask whoever runs the server why. If one key is meant for both, the configuration file can say so. */
  'advice-token_for_another': null;
  /** Tell whoever runs the place where you sign in. */
  'advice-token_invalid': null;
  /** The configuration file says how strictly keys are checked. With verify set to warn, it is used all the same. */
  'advice-token_unverifiable': null;
  /** Ask whoever runs the server whether this is meant. If it is, the configuration file can turn the check off. */
  'advice-token_wrong': null;
  /** Check the address. If it is right, tell whoever runs the server. */
  'advice-url_invalid': null;
  /** Nothing was written over it. */
  'advice-vault_file_damaged': null;
  /** Put the files named “vault” and “vault.copy” back beside the log: then everything is there again. */
  'advice-vault_file_gone': null;
  /** Put the right one back: then everything is there again. */
  'advice-vault_file_other': null;
  /** Check that the disk is not full, and that the files named “vault”, beside the log, are yours. */
  'advice-vault_file_refused': null;
  /** Install that version again. Nothing was changed. */
  'advice-vault_newer': null;
  /** One file takes everything: your servers, your answers about programs, sign-ins and keys. */
  'backup-backup-1': null;
  /** Nobody opens it without the passphrase that you choose here. Nobody can recover it. */
  'backup-backup-2': null;
  /** Make one now and then: some providers end a sign-in that is older than the last one they know. */
  'backup-backup-3': null;
  /** Everything is in FILE. */
  'backup-done': { file: string | number };
  /** File */
  'backup-file': null;
  /** Restore a backup */
  'backup-first': null;
  /** Quit MCP Valet where the backup is from, if it still runs there: a sign-in that two use is ended by many providers. */
  'backup-restore-1': null;
  /** Name the file, and give the passphrase that was chosen for it. */
  'backup-restore-2': null;
  /** Sign-ins that were renewed since then may have to be authorized again. */
  'backup-restore-3': null;
  /** Everything in the backup is here now. */
  'backup-restored': null;
  /** Back up everything */
  'backup-settings': null;
  /** Take it in */
  'backup-take-in': null;
  /** Back up */
  'backup-title-backup': null;
  /** Restore a backup */
  'backup-title-restore': null;
  /** Write the backup */
  'backup-write': null;
  /** Looking… */
  'check-busy': null;
  /** What to change */
  'check-change': null;
  /** It needs another API key. */
  'check-concluded-key_needed': null;
  /** Nothing is known against its API key. */
  'check-concluded-key_stands': null;
  /** A sign-in works once you have registered a client there by hand. */
  'check-concluded-needs_client_id': null;
  /** This server asks for no sign-in. */
  'check-concluded-no_sign_in': null;
  /** A sign-in does not work like this. */
  'check-concluded-trouble': null;
  /** A sign-in works, as far as one can tell from outside. */
  'check-concluded-works': null;
  /** Looks at the server and at where it signs in, step by step. Nothing is changed. */
  'check-note': null;
  /** SAYS (SOURCE) */
  'check-rule': { says: string | number; source: string | number };
  /** Every step */
  'check-steps': null;
  /** Check */
  'check-title': null;
  /** Check this server */
  'check-verb': null;
  /** Note: */
  'check-verdict-note': null;
  /** Fine: */
  'check-verdict-ok': null;
  /** Wrong: */
  'check-verdict-trouble': null;
  /** The authorization server’s operator */
  'check-who-issuer_operator': null;
  /** You */
  'check-who-person': null;
  /** The server’s operator */
  'check-who-server_operator': null;
  /** Client ID */
  'client-id': null;
  /** Fill in the client ID. */
  'client-id-missing': null;
  /** This server’s sign-in page has to know MCP Valet first. Register an app there, with exactly this redirect URI: */
  'client-intro': null;
  /** Open the page for this at HOST */
  'client-page': { host: string | number };
  /** Port */
  'client-port': null;
  /** A port is a number from 1 to 65535. */
  'client-port-wrong': null;
  /** Redirect URI to register */
  'client-redirect': null;
  /** Save */
  'client-save': null;
  /** Saved. It is used the next time you authorize. */
  'client-saved': null;
  /** Client secret */
  'client-secret': null;
  /** if you got one; it is kept in the configuration file, as there is no keychain */
  'client-secret-memory': null;
  /** if you got one; it is kept like your sign-ins */
  'client-secret-note': null;
  /** Then fill in what you got: */
  'client-then': null;
  /** Change the file */
  'connect-change': null;
  /** Connected. A program that runs reads it at its next start. */
  'connect-done': null;
  /** Forget it */
  'connect-forget': null;
  /** Forgotten. */
  'connect-forgotten': null;
  /** It is as it was. */
  'connect-is-back': null;
  /** Connected to SERVERS */
  'connect-led': { servers: string | number };
  /** FILE (PROGRAM) WHY. */
  'connect-lost': { file: string | number; program: string | number; why: string | number };
  /** Stays in the vault: KEYS */
  'connect-lost-keys': { keys: string | number };
  /** Not yet there: SERVERS */
  'connect-missing': { servers: string | number };
  /** None that is known was found. */
  'connect-none': null;
  /** Not connected */
  'connect-not-led': null;
  /** Not now */
  'connect-not-now': null;
  /** Nothing to change. */
  'connect-nothing': null;
  /** Connect */
  'connect-now': null;
  /** Put back */
  'connect-put-back': null;
  /** These lines are put into its file. All else in it stays as it is. */
  'connect-shown': null;
  /** These lines are taken out of its file. */
  'connect-shown-back': null;
  /** Nothing of these files can be put back any more. Nothing is written to them, and no key is wiped or given out. */
  'connect-shown-forget': null;
  /** Other programs */
  'connect-title': null;
  /** Programs on this computer that list MCP servers, and which of yours they reach through MCP Valet. */
  'connect-under': null;
  /** AGENT said “not now” to signing in to SERVER. */
  'deed-says-declined': { agent: string | number; server: string | number };
  /** AGENT ended the forward to SERVER. */
  'deed-says-forward_ended': { agent: string | number; server: string | number };
  /** AGENT wiped the API key of SERVER. */
  'deed-says-key_wiped': { agent: string | number; server: string | number };
  /** AGENT locked MCP Valet. */
  'deed-says-locked': { agent: string | number };
  /** AGENT removed SERVER. */
  'deed-says-removed': { agent: string | number; server: string | number };
  /** AGENT revoked SERVER. */
  'deed-says-revoked': { agent: string | number; server: string | number };
  /** AGENT revoked everything. */
  'deed-says-revoked_all': { agent: string | number };
  /** AGENT signed in to SERVER, to which you had said “not now”. */
  'deed-says-signed_in': { agent: string | number; server: string | number };
  /** OK */
  'deed-seen': null;
  /** Used the next time you authorize. */
  'edit-asked': null;
  /** For folders */
  'edit-folders': null;
  /** one a line, such as ~/work/acme; empty for any */
  'edit-folders-note': null;
  /** Another address is another server: the sign-in to this one is ended, and programs that you allowed ask again. */
  'edit-moved': null;
  /** Name */
  'edit-name': null;
  /** It keeps its sign-in and your answers. Programs that use it by its name have to be told the new one. */
  'edit-renamed': null;
  /** Save */
  'edit-save': null;
  /** Saved. */
  'edit-saved': null;
  /** Saving… */
  'edit-saving': null;
  /** Permissions to ask for */
  'edit-scopes': null;
  /** with spaces between; empty leaves it to the server */
  'edit-scopes-note': null;
  /** Change name, address or permissions */
  'edit-title': null;
  /** Address */
  'edit-url': null;
  /** comes */
  'file-comes': null;
  /** goes */
  'file-goes': null;
  /** There was no such file before; it goes. */
  'file-gone': null;
  /** PROGRAM: TROUBLE. */
  'file-left': { program: string | number; trouble: string | number };
  /** Line LINE */
  'file-line': { line: string | number };
  /** Reached by a link; it really is TO. */
  'file-link': { to: string | number };
  /** There is no such file yet. */
  'file-new': null;
  /** It belongs to a project: others who work on it get these lines too. */
  'file-project': null;
  /** Try the demo */
  'first-demo': null;
  /** The demo is a small server on this computer, with no account to make. It ends with MCP Valet. */
  'first-demo-note': null;
  /** Sign in to a server once, in your browser. */
  'first-lines-1': null;
  /** Your programs ask here before they use it. */
  'first-lines-2': null;
  /** Take it back at any time. */
  'first-lines-3': null;
  /** One place for your MCP sign-ins */
  'first-title': null;
  /** Forward */
  'forward-begin': null;
  /** Connecting… */
  'forward-beginning': null;
  /** Name of the container */
  'forward-container': null;
  /** End */
  'forward-end': null;
  /** Host, as ssh knows it */
  'forward-host': null;
  /** In a container of this machine */
  'forward-kind-container': null;
  /** On a host, by SSH */
  'forward-kind-ssh': null;
  /** Not connected, it is tried again: TROUBLE */
  'forward-lost': { trouble: string | number };
  /** None of its servers is there any more */
  'forward-no-servers': null;
  /** COUNT connections of other programs were refused. */
  'forward-refused': { count: string | number };
  /** Servers that can be used from there */
  'forward-servers': null;
  /** Other hosts */
  'forward-title': null;
  /** Forwarded to HOST */
  'forward-to': { host: string | number };
  /** Programs on a host that you reach by SSH can use your servers. The sign-ins stay here, and you are asked here. */
  'forward-under': null;
  /** Where */
  'forward-where': null;
  /** Add COUNT servers */
  'import-add': { count: string | number };
  /** Added */
  'import-added': null;
  /** Adding… */
  'import-adding': null;
  /** called NAME there */
  'import-called': { name: string | number };
  /** Choose what to add */
  'import-choose': null;
  /** Its client ID is taken over. */
  'import-client': null;
  /** Switched off there */
  'import-disabled': null;
  /** Import from other programs */
  'import-from': null;
  /** Already here */
  'import-here': null;
  /** Has its own Authorization header; MCP Valet would sign in instead. */
  'import-left-authorization': null;
  /** Its client ID is kept elsewhere and is not copied. */
  'import-left-client': null;
  /** Its client secret is not copied; fill it in under Details. */
  'import-left-client_secret': null;
  /** Its own headers are not copied. */
  'import-left-headers': null;
  /** Takes an API key, which is not copied: set it here once it is added. */
  'import-left-key': null;
  /** Reading their lists… */
  'import-looking': null;
  /** No other program lists any servers here. */
  'import-nothing': null;
  /** Everything that can be added is here already. */
  'import-nothing-new': null;
  /** Speaks the older transport (HTTP+SSE). Lead your programs here by “mcp-valet connect”. */
  'import-older': null;
  /** Open NAME */
  'import-open': { name: string | number };
  /** COUNT entries not for MCP Valet */
  'import-others': { count: string | number };
  /** Let your programs use them */
  'import-point': null;
  /** Each goes on signing in by itself until its own entry leads here. Put this in place of the old entry: */
  'import-point-note': null;
  /** Import */
  'import-title': null;
  /** Servers that other programs on this computer list. Nothing there is changed. */
  'import-under': null;
  /** PROGRAM: this file */
  'import-unread': { program: string | number };
  /** has a key in its address, so it needs no sign-in */
  'import-why-key_in_address': null;
  /** runs on this computer and needs no sign-in */
  'import-why-local': null;
  /** has no address that can be used */
  'import-why-no_address': null;
  /** goes over the network without https */
  'import-why-plain_http': null;
  /** uses MCP Valet already */
  'import-why-uses_valet': null;
  /** has an address that only that program can fill in */
  'import-why-variables': null;
  /** Answer */
  'list-answer': null;
  /** SERVER in your configuration starts a program. It is left alone until you agree. */
  'list-asleep': { server: string | number };
  /** Look */
  'list-asleep-look': null;
  /** Have SERVER started when it is used? */
  'list-asleep-title': { server: string | number };
  /** Agree */
  'list-asleep-verb': null;
  /** Needs you */
  'list-attention': null;
  /** Show fewer */
  'list-fewer': null;
  /** Filter servers */
  'list-filter': null;
  /** Sign-ins are forgotten when MCP Valet ends */
  'list-forgets': null;
  /** This computer has no keychain to keep them in. */
  'list-forgets-note': null;
  /** COUNT more come up as you answer these. */
  'list-later': { count: string | number };
  /** Locked */
  'list-locked': null;
  /** Show COUNT more */
  'list-more': { count: string | number };
  /** This desktop shows no tray icon. MCP Valet goes on when you close this window; start it again to come back. */
  'list-no-tray': null;
  /** No server matches “TEXT”. */
  'list-none': { text: string | number };
  /** On another device */
  'list-on-device': null;
  /** Choose a server on the left. */
  'list-pick': null;
  /** Questions */
  'list-questions': null;
  /** Ready */
  'list-ready': null;
  /** Not now */
  'list-resting': null;
  /** READY ready */
  'list-summary': { ready: string | number };
  /** READY ready, WAITING waiting */
  'list-summary-waiting': { ready: string | number; waiting: string | number };
  /** The configuration needs a look */
  'list-trouble': null;
  /** AGENT waits for this */
  'list-wanted': { agent: string | number };
  /** Also secrets that are arguments. Whoever uses this computer can go on reading those while the server runs. */
  'move-arguments': null;
  /** FILE has COUNT of these secrets too. Delete it once nothing needs it. */
  'move-copied': { count: string | number; file: string | number };
  /** Copies */
  'move-copies': null;
  /** Moved in. COUNT files were changed. */
  'move-done': { count: string | number };
  /** Move everything in */
  'move-everything': null;
  /** The files */
  'move-files': null;
  /** COUNT secrets lie in plain text */
  'move-foot': { count: string | number };
  /** for the project PROJECT */
  'move-for-project': { project: string | number };
  /** Into the vault: SECRETS */
  'move-into-vault': { secrets: string | number };
  /** Looking… */
  'move-looking': null;
  /** COUNT secrets lie in plain text */
  'move-lying': { count: string | number };
  /** What was moved in */
  'move-moved': null;
  /** None of the lists that are known has one. */
  'move-none': null;
  /** Nothing to move. */
  'move-nothing': null;
  /** Move in, and change the files */
  'move-now': null;
  /** PROGRAM, FILE */
  'move-of': { file: string | number; program: string | number };
  /** What would be moved in */
  'move-planned': null;
  /** What looks like a secret goes into the vault, and is read back from there. Only then the files are changed: the programs reach their servers through MCP Valet. Take out what is to stay. */
  'move-planned-note': null;
  /** Programs that run read their files at their next start. A key that lay in plain text may have been copied: replace it at its provider. */
  'move-restart': null;
  /** The key KEY of SERVER goes back to PROGRAM, in plain text. */
  'move-returns': { key: string | number; program: string | number; server: string | number };
  /** The key KEY of SERVER is another key than was moved out of there, and stays: FILL IN is written for PROGRAM. */
  'move-returns-another': { key: string | number; program: string | number; server: string | number };
  /** The key KEY of SERVER was wiped and cannot come back: FILL IN is written for PROGRAM. */
  'move-returns-gone': { key: string | number; program: string | number; server: string | number };
  /** You sign in once, here */
  'move-signs-in': null;
  /** What stays */
  'move-stays': null;
  /** It is here already. */
  'move-there': null;
  /** Secrets in plain text */
  'move-title': null;
  /** Programs on this computer list servers with keys and passwords in their own files, where whatever reads your files can read them. */
  'move-under': null;
  /** “NAME” */
  'name-in-quotes': { name: string | number };
  /** COUNT programs, and what each may do */
  'program-foot': { count: string | number };
  /** Nothing is remembered about this program. */
  'program-gone': null;
  /** It may use */
  'program-may': null;
  /** It may not use */
  'program-may-not': null;
  /** COUNT not allowed */
  'program-may-not-use': { count: string | number };
  /** May use COUNT servers */
  'program-may-use': { count: string | number };
  /** No answers are remembered. A program that wants to use a server asks first. */
  'program-none': null;
  /** What you answered about each program, until you take it back. */
  'program-note': null;
  /** Take everything back */
  'program-take-back': null;
  /** It asks again before it uses a server. A key that it has already works until it expires. What you refused stays refused. */
  'program-take-back-note': null;
  /** Take everything back from NAME? */
  'program-take-back-title': { name: string | number };
  /** Taken back: COUNT servers. */
  'program-taken-back': { count: string | number };
  /** Taking back… */
  'program-taking-back': null;
  /** Programs */
  'program-title': null;
  /** Which account of HOST may AGENT use here? */
  'question-account': { agent: string | number; host: string | number };
  /** For this folder, from now on */
  'question-account-always': null;
  /** Written into the configuration: the account is for FOLDER then, whichever program works there. Whether it may use that account at all is another question. */
  'question-account-always-note': { folder: string | number };
  /** For FOLDERS */
  'question-account-for': { folders: string | number };
  /** How long */
  'question-account-lasting': null;
  /** None */
  'question-account-no': null;
  /** No account is for this folder. */
  'question-account-no-folder': null;
  /** This account is not for this folder. */
  'question-account-not-for': null;
  /** Holds for this program in this folder until MCP Valet ends. Whether it may use that account at all is another question. */
  'question-account-note': null;
  /** AGENT wants to use SERVER here */
  'question-account-of': { agent: string | number; server: string | number };
  /** Until MCP Valet ends */
  'question-account-run': null;
  /** account not read yet */
  'question-account-unread': null;
  /** Account */
  'question-account-which': null;
  /** Use this account */
  'question-account-yes': null;
  /** AGENT wants to add SERVER */
  'question-add': { agent: string | number; server: string | number };
  /** Don’t add */
  'question-add-no': null;
  /** It brings settings that say where and how you sign in. Add it only if you know them. */
  'question-add-note': null;
  /** It starts a program on this computer that can do whatever you can. Add it only if you know it. */
  'question-add-program-note': null;
  /** Add it */
  'question-add-yes': null;
  /** Address */
  'question-address': null;
  /** Allow */
  'question-allow': null;
  /** What is not ticked is not allowed. */
  'question-allow-rest': null;
  /** Allow COUNT of ALL */
  'question-allow-some': { all: string | number; count: string | number };
  /** It may use this server already, with less. Also: SCOPES */
  'question-also': { scopes: string | number };
  /** As ACCOUNT */
  'question-as': { account: string | number };
  /** AGENT wants to call TOOL at SERVER */
  'question-call': { agent: string | number; server: string | number; tool: string | number };
  /** What it is told */
  'question-call-arguments': null;
  /** HOST, as ACCOUNT */
  'question-call-as': { account: string | number; host: string | number };
  /** This tool is not what it was when you saw it: */
  'question-call-changed': null;
  /** It changes or adds something. */
  'question-call-class-change': null;
  /** It may delete or overwrite. */
  'question-call-class-destroy': null;
  /** It reads, says the server or you. */
  'question-call-class-read': null;
  /** COUNT calls that are the same word for word wait for this answer. */
  'question-call-count': { count: string | number };
  /** Its name looks like that of another tool: OTHER */
  'question-call-looks-like': { other: string | number };
  /** Method */
  'question-call-method': null;
  /** This tool came after you allowed the server. You have not seen it yet. */
  'question-call-new': null;
  /** Nothing. */
  'question-call-no-arguments': null;
  /** Don’t allow this tool */
  'question-call-no-tool': null;
  /** It describes itself otherwise than before. */
  'question-call-says-else': null;
  /** Server */
  'question-call-server': null;
  /** Tool */
  'question-call-tool': null;
  /** MCP Valet does not know what this method does. */
  'question-call-unknown': null;
  /** The server has not listed such a tool. */
  'question-call-unlisted': null;
  /** Allow this call */
  'question-call-yes': null;
  /** Allow this tool */
  'question-call-yes-tool': null;
  /** AGENT cannot be told from other programs, so no answer is remembered. */
  'question-cannot-be-told': { agent: string | number };
  /** The configuration was changed */
  'question-configuration': null;
  /** Keep the old one */
  'question-configuration-no': null;
  /** Somebody edited the file. The edit gives more than before: */
  'question-configuration-note': null;
  /** Use the new configuration */
  'question-configuration-yes': null;
  /** COUNT days */
  'question-days': { count: string | number };
  /** Don’t allow */
  'question-deny': null;
  /** It takes NAME, which it did not. */
  'question-difference-added': { name: string | number };
  /** It said “WAS”, and says “IS”. */
  'question-difference-class': { is: string | number; was: string | number };
  /** It takes NAME in another form. */
  'question-difference-other': { name: string | number };
  /** It does not take NAME any more. */
  'question-difference-removed': { name: string | number };
  /** What it takes or gives is another all in all. */
  'question-difference-schema': null;
  /** AGENT wants to lead other programs here */
  'question-files': { agent: string | number };
  /** AGENT wants to lead other programs away from here */
  'question-files-back': { agent: string | number };
  /** These lines would be taken out of files of other programs. */
  'question-files-back-note': null;
  /** Don’t change */
  'question-files-no': null;
  /** These lines would be put into files of other programs. All else in them stays as it is. */
  'question-files-note': null;
  /** Change the files */
  'question-files-yes': null;
  /** The folder that it works in */
  'question-folder': null;
  /** Your answer is for */
  'question-for': null;
  /** This call */
  'question-for-call': null;
  /** The next call asks again. */
  'question-for-call-note': null;
  /** AGENT is not known surely enough to be allowed for good. */
  'question-for-now-at-most': { agent: string | number };
  /** This tool */
  'question-for-tool': null;
  /** AGENT wants to forget how files are put back */
  'question-forget': { agent: string | number };
  /** Keep it */
  'question-forget-no': null;
  /** Nothing of these files can be put back any more. Nothing is written to them, and no key is wiped or given out. */
  'question-forget-note': null;
  /** Forget it */
  'question-forget-yes': null;
  /** Gets a key that lasts */
  'question-form-lasting_token': null;
  /** It is good for LONG. Once it is given away, MCP Valet cannot call it back. */
  'question-form-lasting_token-note': { long: string | number };
  /** It has no end. Once it is given away, MCP Valet cannot call it back. */
  'question-form-lasting_token-note-unknown': null;
  /** Goes through MCP Valet */
  'question-form-proxied': null;
  /** It uses the server and sees no key. Take this back, and it ends at once. */
  'question-form-proxied-note': null;
  /** Gets a key of its own */
  'question-form-token': null;
  /** Good for LONG, never your password. It cannot be called back before that. */
  'question-form-token-note': { long: string | number };
  /** A short-lived one, never your password. */
  'question-form-token-note-unknown': null;
  /** AGENT wants your servers to be used from HOST */
  'question-forward': { agent: string | number; host: string | number };
  /** Don’t forward */
  'question-forward-no': null;
  /** You are asked before any of them is used. Nobody on HOST can be told from anybody else there, and none gets a token. */
  'question-forward-note': { host: string | number };
  /** runs on this computer, and does here what programs there ask of it */
  'question-forward-runs-here': null;
  /** Programs there could ask for */
  'question-forward-servers': null;
  /** Forward */
  'question-forward-yes': null;
  /** This question is closed. */
  'question-gone': null;
  /** It was answered elsewhere, or whoever asked has gone. */
  'question-gone-note': null;
  /** More servers joined this question. Look again before you answer. */
  'question-grew': null;
  /** COUNT hours */
  'question-hours': { count: string | number };
  /** In FOLDER */
  'question-in': { folder: string | number };
  /** new */
  'question-is-new': null;
  /** It may use this server already, but not with such a key. */
  'question-itself-now': null;
  /** AGENT brings an API key for SERVER */
  'question-key': { agent: string | number; server: string | number };
  /** Goes into */
  'question-key-headers': null;
  /** Don’t use it */
  'question-key-no': null;
  /** It goes into each request to this server, for every program that you allow. Use it only if you gave it to this program. */
  'question-key-note': null;
  /** It goes into this program whenever that is started, for every program that you allow. Use it only if you gave it to this program. */
  'question-key-program-note': null;
  /** AGENT brings another API key for SERVER */
  'question-key-replace': { agent: string | number; server: string | number };
  /** It takes the place of the one that is there, for every program that you allow. It may be of another account. Use it only if you gave it to this program. */
  'question-key-replace-note': null;
  /** Use this key */
  'question-key-yes': null;
  /** How long */
  'question-lasts': null;
  /** Always */
  'question-lasts-always': null;
  /** For now */
  'question-lasts-for_now': null;
  /** 1 hour */
  'question-lasts-hour': null;
  /** Once */
  'question-lasts-once': null;
  /** 15 minutes */
  'question-lasts-quarter_hour': null;
  /** Today */
  'question-lasts-today': null;
  /** Your answer holds until you take it back. */
  'question-means-always': null;
  /** Your answer holds until MCP Valet ends. */
  'question-means-for_now': null;
  /** Your answer holds for this time only. */
  'question-means-once': null;
  /** Your answer holds until midnight. */
  'question-means-today': null;
  /** Your answer holds until UNTIL. */
  'question-means-until': { until: string | number };
  /** COUNT minutes */
  'question-minutes': { count: string | number };
  /** AGENT wants secrets of other programs to be moved in */
  'question-moves': { agent: string | number };
  /** What these programs list would be moved in, and their secrets into the vault. Their files would lead here. */
  'question-moves-note': null;
  /** Move in */
  'question-moves-yes': null;
  /** Ctrl+Backspace */
  'question-no-key': null;
  /** The server did not name any. */
  'question-no-scopes': null;
  /** AT of ALL */
  'question-of': { all: string | number; at: string | number };
  /** Program */
  'question-program': null;
  /** How far */
  'question-reach': null;
  /** Reads only, ask before the rest */
  'question-reach-by_rules': null;
  /** What reads is the server’s word. It goes through MCP Valet and gets no key; one that it already has cannot be called back. */
  'question-reach-by_rules-note': null;
  /** Everything */
  'question-reach-everything': null;
  /** Through MCP Valet only */
  'question-reach-proxy_only': null;
  /** It gets no key: the one that it asks for now is refused. */
  'question-reach-proxy_only-note': null;
  /** Scroll through all of it to say yes. */
  'question-read-first': null;
  /** Replace the sign-in to SERVER? */
  'question-replace': { server: string | number };
  /** Keep what I have */
  'question-replace-no': null;
  /** A sign-in that AGENT began has come back. It may be for another account. What you have now works. */
  'question-replace-note': { agent: string | number };
  /** Replace it */
  'question-replace-yes': null;
  /** For more than this server */
  'question-resource': null;
  /** Permissions */
  'question-scopes': null;
  /** a secret, not shown */
  'question-secret': null;
  /** Servers */
  'question-servers': null;
  /** Settings */
  'question-settings': null;
  /** Go on with the sign-in to SERVER? */
  'question-sign-in': { server: string | number };
  /** Stop the sign-in */
  'question-sign-in-no': null;
  /** It is at ISSUER, and leads to pages that OTHER has as well: */
  'question-sign-in-note-page': { issuer: string | number; other: string | number };
  /** It is at ISSUER, and wants to come back to an address that belongs to OTHER: */
  'question-sign-in-note-redirect_uri': { issuer: string | number; other: string | number };
  /** If you do not know ISSUER, say no: what you do there could give it what you have at OTHER. */
  'question-sign-in-risk': { issuer: string | number; other: string | number };
  /** Go on */
  'question-sign-in-yes-page': null;
  /** Give it the address */
  'question-sign-in-yes-redirect_uri': null;
  /** Starts */
  'question-starts': null;
  /** Question */
  'question-title': null;
  /** Those that you agree to when you sign in. */
  'question-unknown-scopes': null;
  /** AGENT wants to use SERVER */
  'question-use': { agent: string | number; server: string | number };
  /** AGENT wants to use COUNT servers */
  'question-use-several': { agent: string | number; count: string | number };
  /** MORE questions waiting */
  'question-waiting': { more: string | number };
  /** Ctrl+Enter */
  'question-yes-key': null;
  /** Every program that you allowed asks again. What you refused stays refused. */
  'revoke-all-answers': null;
  /** Programs that you allowed ask again. Those allowed for good are still in the keychain: unlock it, then revoke everything once more. */
  'revoke-all-answers-left': null;
  /** Revoking… */
  'revoke-all-busy': null;
  /** AGENT revoked everything. */
  'revoke-all-by': { agent: string | number };
  /** Everything is revoked. */
  'revoke-all-done': null;
  /** The keychain is locked. What is in it cannot be ended at its provider now; you are told which. */
  'revoke-all-locked': null;
  /** Revoked, but not everywhere. See below what is left. */
  'revoke-all-mostly': null;
  /** Ends every sign-in at its provider, forgets it here, and takes back what you allowed programs. Your servers stay in the list. */
  'revoke-all-note': null;
  /** Nothing is signed in, and no program is allowed anything. */
  'revoke-all-nothing': null;
  /** Revoke… */
  'revoke-all-open': null;
  /** Revoke everything? */
  'revoke-all-question': null;
  /** Takes back all that you have given, here and at the providers. */
  'revoke-all-settings': null;
  /** Revoke everything */
  'revoke-all-title': null;
  /** Revoking… Nothing can be used any more. The providers are being asked. */
  'revoke-all-under-way': null;
  /** not in the list any more */
  'revoke-all-unlisted': null;
  /** Revoke everything */
  'revoke-all-verb': null;
  /** Waiting for the provider… */
  'revoke-all-waiting': null;
  /** MCP Valet is no longer registered there. */
  'revoke-client-deregistered': null;
  /** The provider did not confirm that MCP Valet is no longer registered there. */
  'revoke-client-failed': null;
  /** MCP Valet stays registered there, for signing in again. */
  'revoke-client-kept': null;
  /** MCP Valet stays registered there: the provider deletes no registrations. */
  'revoke-client-not_offered': null;
  /** The provider confirmed it. */
  'revoke-confirmed': null;
  /** The provider confirmed it; keys that are already in use may work until they expire. */
  'revoke-confirmed-mostly': null;
  /** The provider confirmed it; keys that are already in use may work until TIME. */
  'revoke-confirmed-until': { time: string | number };
  /** The key is still in the configuration, which could not be written. Take it out there, or revoke once more. */
  'revoke-in-file': null;
  /** The API key is gone here. It is good until you end it at its provider. */
  'revoke-key': null;
  /** The API key is gone here. It is good until you end it at PAGE */
  'revoke-key-at': { page: string | number };
  /** It is forgotten here. The provider did not confirm: what programs hold may work until it expires. */
  'revoke-not-confirmed': null;
  /** It is forgotten here. The provider offers no way to end it there: what programs hold works until it expires. */
  'revoke-not-offered': null;
  /** It is still in the configuration. Try again. */
  'revoke-not-removed': null;
  /** It could not be deleted where it is kept. Unlock that and revoke once more. */
  'revoke-not-wiped': null;
  /** There was nothing to end at its provider. */
  'revoke-nothing': null;
  /** Remove */
  'revoke-remove': null;
  /** Revokes, and takes the server out of the configuration. */
  'revoke-remove-note': null;
  /** Takes the server out of the configuration. */
  'revoke-remove-only': null;
  /** Remove NAME? */
  'revoke-remove-title': { name: string | number };
  /** NAME was removed. */
  'revoke-removed': { name: string | number };
  /** Removing… */
  'revoke-removing': null;
  /** Revoke */
  'revoke-revoke': null;
  /** Ends the sign-in at its provider and forgets it here. Programs that you allowed ask again. */
  'revoke-revoke-note': null;
  /** Revoke NAME? */
  'revoke-revoke-title': { name: string | number };
  /** Revoked. */
  'revoke-revoked': null;
  /** Revoking… */
  'revoke-revoking': null;
  /** It is not revoked: the keychain does not let it be read. */
  'revoke-unread': null;
  /** not signed in */
  'server-account-none': null;
  /** account not known */
  'server-account-unknown': null;
  /** Added by AGENT. */
  'server-added-by': { agent: string | number };
  /** Authorize again */
  'server-again': null;
  /** Programs */
  'server-agents': null;
  /** Use another account */
  'server-another': null;
  /** answered WHEN */
  'server-answered': { when: string | number };
  /** Allowed always */
  'server-answers-allowed_always': null;
  /** Allowed for now */
  'server-answers-allowed_for_now': null;
  /** Allowed until UNTIL */
  'server-answers-allowed_until': { until: string | number };
  /** Never allowed */
  'server-answers-denied_always': null;
  /** Not allowed for now */
  'server-answers-denied_for_now': null;
  /** Not allowed until UNTIL */
  'server-answers-denied_until': { until: string | number };
  /** permissions of the first sign-in */
  'server-any-scope': null;
  /** Ask again */
  'server-ask-again': null;
  /** Authorize */
  'server-authorize': null;
  /** through MCP Valet alone, by rules */
  'server-by-rules': null;
  /** Cancel the sign-in to NAME */
  'server-cancel': { name: string | number };
  /** If the page takes the same account by itself, sign out there first. */
  'server-choose': null;
  /** Sign in at HOST */
  'server-choose-button': { host: string | number };
  /** Choose where to sign in */
  'server-choose-label': null;
  /** Client ID */
  'server-client': null;
  /** Copy the address instead */
  'server-copy-address': null;
  /** In folder */
  'server-cwd': null;
  /** Details */
  'server-details': null;
  /** Code */
  'server-device-code': null;
  /** This page follows. */
  'server-device-follows': null;
  /** On any phone or computer, open */
  'server-device-open': null;
  /** and type this code: */
  'server-device-type': null;
  /** The code is good until WHEN. This page follows. */
  'server-device-until': { when: string | number };
  /** For folders */
  'server-folders': null;
  /** with a key that lasts */
  'server-forms-lasting_token': null;
  /** through MCP Valet alone */
  'server-forms-proxied': null;
  /** with a key */
  'server-forms-token': null;
  /** This server is not here any more. */
  'server-gone': null;
  /** Granted */
  'server-granted': null;
  /** Headers */
  'server-headers': null;
  /** Signs in at */
  'server-issuer': null;
  /** Paste the key from the provider. */
  'server-key-empty': null;
  /** A key is ended where it was made: at its provider. */
  'server-key-end': null;
  /** goes into HEADERS */
  'server-key-goes': { headers: string | number };
  /** API key */
  'server-key-label': null;
  /** Not set, or locked */
  'server-key-missing': null;
  /** API key “NAME” */
  'server-key-named': { name: string | number };
  /** Open HOST */
  'server-key-page': { host: string | number };
  /** Replace key */
  'server-key-replace': null;
  /** The key is set. */
  'server-key-saved': null;
  /** Set the key */
  'server-key-set': null;
  /** Sign in instead, and wipe the key */
  'server-key-sign-in': null;
  /** Set WHEN */
  'server-key-since': { when: string | number };
  /** Set WHEN, brought by AGENT */
  'server-key-since-by': { agent: string | number; when: string | number };
  /** Wipe */
  'server-key-wipe': null;
  /** It goes from MCP Valet and cannot be read again. At the provider it stays good until you end it there. */
  'server-key-wipe-note': null;
  /** Wipe the API key of NAME? */
  'server-key-wipe-title': { name: string | number };
  /** The key is gone here. End it at its provider as well. */
  'server-key-wiped': null;
  /** Wiping… */
  'server-key-wiping': null;
  /** API key */
  'server-keys': null;
  /** runs here */
  'server-kind-here': null;
  /** API key */
  'server-kind-key': null;
  /** Last used WHEN */
  'server-last-used': { when: string | number };
  /** Careful: the name mixes alphabets. */
  'server-look-alike-mixes_alphabets': null;
  /** Careful: the name looks like “SERVER”. */
  'server-look-alike-of': { server: string | number };
  /** COUNT wanted permissions were not granted. */
  'server-missing': { count: string | number };
  /** Don’t ask again */
  'server-never': null;
  /** No */
  'server-no': null;
  /** No answers are remembered. A program that wants to use this server asks first. */
  'server-no-agents': null;
  /** The server did not name any. */
  'server-no-scopes': null;
  /** Not now */
  'server-not-now': null;
  /** No browser could be opened. Open this address yourself: */
  'server-not-opened': null;
  /** Not used yet */
  'server-not-used': null;
  /** Sign in on another device */
  'server-on-device': null;
  /** Open the browser again */
  'server-open-again': null;
  /** Opened your browser. Sign in there; this page follows. */
  'server-opened': null;
  /** Tokens are for RESOURCE, not for this server alone. */
  'server-other-resource': { resource: string | number };
  /** Use a client ID of your own */
  'server-own-client': null;
  /** NAME: all that it may do */
  'server-program': { name: string | number };
  /** In FOLDER */
  'server-program-in': { folder: string | number };
  /** It is started when a program uses it, and ends with that. */
  'server-program-none': null;
  /** What it wrote last */
  'server-program-said': null;
  /** Stop */
  'server-program-stop': null;
  /** Stopping… */
  'server-program-stopping': null;
  /** A program that has ended */
  'server-program-unknown': null;
  /** through MCP Valet alone, never with a key */
  'server-proxy-only': null;
  /** Redirect URI */
  'server-redirect': null;
  /** Resource */
  'server-resource': null;
  /** ask */
  'server-rule-ask': null;
  /** as its class */
  'server-rule-class': null;
  /** free */
  'server-rule-free': null;
  /** never */
  'server-rule-never': null;
  /** Rules */
  'server-rules': null;
  /** Add a rule for a tool */
  'server-rules-add': null;
  /** What changes */
  'server-rules-change': null;
  /** What deletes */
  'server-rules-destroy': null;
  /** and COUNT tools by themselves */
  'server-rules-more': { count: string | number };
  /** With anything but “free” for all, it gets no key and goes through MCP Valet; a key that it already has cannot be called back. */
  'server-rules-note': null;
  /** What reads */
  'server-rules-read': null;
  /** Set these rules */
  'server-rules-save': null;
  /** Setting… */
  'server-rules-saving': null;
  /** reads READ, changes CHANGE, deletions DESTROY */
  'server-rules-sum': { change: string | number; destroy: string | number; read: string | number };
  /** Tool */
  'server-rules-tool': null;
  /** By tool */
  'server-rules-tools': null;
  /** Runs here */
  'server-runs-here': null;
  /** Permission */
  'server-scope': null;
  /** Permissions */
  'server-scopes': null;
  /** ReadyAS. A new sign-in waits in your browser. */
  'server-sentence-another': { as: string | number };
  /** ReadyAS. A new sign-in waits on another device. */
  'server-sentence-another-on-device': { as: string | number };
  /** , as ACCOUNT */
  'server-sentence-as': { account: string | number };
  /** You have not signed in yet. */
  'server-sentence-authorization_required': null;
  /** Ready. MCP Valet signs in by itself when it is used. */
  'server-sentence-by-itself': null;
  /** This server lets you choose where to sign in. */
  'server-sentence-choosing_issuer': null;
  /** Not now. Nobody asks you to sign in until you start MCP Valet again. */
  'server-sentence-declined': null;
  /** You are not asked to sign in. Programs are told so. */
  'server-sentence-declined-for-good': null;
  /** ReadyAS, but its time is over. You will have to sign in again. */
  'server-sentence-ended': { as: string | number };
  /** The sign-in did not succeed. */
  'server-sentence-failed': null;
  /** MCP Valet could not sign in by itself. It tries again when a program next uses this. */
  'server-sentence-failed-by-itself': null;
  /** Ready, with an API key. Programs never see it, unless you let them have it. */
  'server-sentence-key': null;
  /** The server refused the API key. */
  'server-sentence-key_refused': null;
  /** This server takes an API key. Set it here. */
  'server-sentence-key_required': null;
  /** The sign-in has ended. */
  'server-sentence-lapsed': null;
  /** Locked. What is kept for this server cannot be read now. */
  'server-sentence-locked': null;
  /** This server does not know MCP Valet yet. It needs a client ID. */
  'server-sentence-needs_client_id': null;
  /** Waiting for you to sign in on another device. */
  'server-sentence-on-device': null;
  /** Opening… What is kept for this server is being read. */
  'server-sentence-opening': null;
  /** Asking the server where to sign in… */
  'server-sentence-preparing': null;
  /** Runs on this computer now, RUNNING times. */
  'server-sentence-program': { running: string | number };
  /** ReadyAS. */
  'server-sentence-ready': { as: string | number };
  /** The provider no longer knows MCP Valet’s registration. */
  'server-sentence-registration_lost': null;
  /** ReadyAS. Renews by itself when it is next used. */
  'server-sentence-renews': { as: string | number };
  /** ReadyAS. Renews by itself, next WHEN. */
  'server-sentence-renews-at': { as: string | number; when: string | number };
  /** ReadyAS, but not saved yet: it could not be stored. It is tried again. */
  'server-sentence-unsaved': { as: string | number };
  /** ReadyAS, until WHEN. Then you sign in again. */
  'server-sentence-until': { as: string | number; when: string | number };
  /** Waiting for the browser. */
  'server-sentence-waiting': null;
  /** Signs in at HOST */
  'server-signs-in-at': { host: string | number };
  /** Starts */
  'server-starts': null;
  /** Authorize */
  'server-state-authorization_required': null;
  /** Choose sign-in */
  'server-state-choosing_issuer': null;
  /** Not now */
  'server-state-declined': null;
  /** Sign-in failed */
  'server-state-failed': null;
  /** Key refused */
  'server-state-key_refused': null;
  /** Set the key */
  'server-state-key_required': null;
  /** Authorize again */
  'server-state-lapsed': null;
  /** Locked */
  'server-state-locked': null;
  /** Needs a client ID */
  'server-state-needs_client_id': null;
  /** Opening… */
  'server-state-opening': null;
  /** Ready */
  'server-state-ready': null;
  /** Authorize again */
  'server-state-registration_lost': null;
  /** In the browser */
  'server-state-waiting': null;
  /** What works now stays until the new sign-in is complete. */
  'server-stays': null;
  /** changed */
  'server-tool-changed': null;
  /** Changes */
  'server-tool-class-change': null;
  /** Deletes */
  'server-tool-class-destroy': null;
  /** Reads */
  'server-tool-class-read': null;
  /** As the server says */
  'server-tool-class-server': null;
  /** new */
  'server-tool-new': null;
  /** nobody says */
  'server-tool-said-by-nobody': null;
  /** said by you */
  'server-tool-said-by-person': null;
  /** said by the server */
  'server-tool-said-by-server': null;
  /** describes itself otherwise */
  'server-tool-says-else': null;
  /** What its tools do */
  'server-tools': null;
  /** COUNT tools are new or not what they were, and ask until you have seen them. */
  'server-tools-new': { count: string | number };
  /** The server has not listed its tools yet. */
  'server-tools-none': null;
  /** The server says so, and MCP Valet cannot check it. Say otherwise where you know better. */
  'server-tools-note': null;
  /** The server changed some of what you ticked meanwhile, which is not ticked any more. Look at it again. */
  'server-tools-stale': null;
  /** Tick all */
  'server-tools-tick-all': null;
  /** COUNT ticked: */
  'server-tools-ticked': { count: string | number };
  /** Ask me again */
  'server-undecline': null;
  /** not used yet */
  'server-unused': null;
  /** Address */
  'server-url': null;
  /** Use it from */
  'server-use': null;
  /** used COUNT times, last WHEN */
  'server-used': { count: string | number; when: string | number };
  /** Variables */
  'server-variables': null;
  /** Wanted */
  'server-wanted': null;
  /** AGENT waits for you to sign in. */
  'server-wanted-by': { agent: string | number };
  /** Find out why */
  'server-why': null;
  /** Yes */
  'server-yes': null;
  /** New programs */
  'setting-agents': null;
  /** Allow all */
  'setting-agents-choice-allow-name': null;
  /** Every program may use every server. */
  'setting-agents-choice-allow-text': null;
  /** Ask me */
  'setting-agents-choice-ask-name': null;
  /** You decide the first time. */
  'setting-agents-choice-ask-text': null;
  /** Allow none */
  'setting-agents-choice-deny-name': null;
  /** Only programs that you have allowed may use a server. */
  'setting-agents-choice-deny-text': null;
  /** Let every program use every server? */
  'setting-agents-sure': null;
  /** New programs are then allowed without a question, whatever they are. Programs that you refused stay refused. */
  'setting-agents-sure-note': null;
  /** Who used what */
  'setting-audit': null;
  /** Address */
  'setting-callback-address': null;
  /** Where sign-ins come back */
  'setting-callbacks': null;
  /** Your browser returns to these addresses. With a client ID of your own the port is set under Details; host and TLS are set in the configuration file. */
  'setting-callbacks-note': null;
  /** Configuration */
  'setting-configuration': null;
  /** Diagnostics */
  'setting-diagnostics': null;
  /** Copy diagnostics */
  'setting-diagnostics-copy': null;
  /** Versions, states and codes, for a report. No keys and no secrets. */
  'setting-diagnostics-note': null;
  /** Files */
  'setting-files': null;
  /** Lock now */
  'setting-lock': null;
  /** Forgets every key and the passphrase. Programs wait until you enter it. */
  'setting-lock-note-file': null;
  /** Forgets every key in memory. Programs wait until you unlock. */
  'setting-lock-note-keychain': null;
  /** Programs wait until you unlock. Keys stay in memory, as there is no other place for them. */
  'setting-lock-note-memory': null;
  /** Locked by hand, all machines of the fleet are locked. */
  'setting-lock-note-shared': null;
  /** When nothing uses it */
  'setting-lock-rule-idle-name': null;
  /** You unlock it yourself. */
  'setting-lock-rule-idle-text': null;
  /** While the screen is locked */
  'setting-lock-rule-screen-name': null;
  /** Programs cannot work on meanwhile. It unlocks with the screen. */
  'setting-lock-rule-screen-text': null;
  /** Before the computer sleeps */
  'setting-lock-rule-suspend-name': null;
  /** It unlocks when you are back. */
  'setting-lock-rule-suspend-text': null;
  /** Lock automatically */
  'setting-lock-rules': null;
  /** Nothing used it for a while. Nothing can be used until you unlock it. */
  'setting-locked-by-idle': null;
  /** Nothing can be used until you unlock it. */
  'setting-locked-by-person': null;
  /** The screen was locked. It unlocks with the screen. */
  'setting-locked-by-screen': null;
  /** The computer went to sleep. It unlocks when your screen is unlocked. */
  'setting-locked-by-sleep': null;
  /** What you signed in to is still in memory, as there is no other place for it. */
  'setting-locked-memory': null;
  /** Log */
  'setting-log': null;
  /** Notices */
  'setting-notices': null;
  /** After HOURS hours */
  'setting-pause-hours': { hours: string | number };
  /** After MINUTES minutes */
  'setting-pause-minutes': { minutes: string | number };
  /** Never */
  'setting-pause-never': null;
  /** All programs, and what each may do */
  'setting-programs': null;
  /** Programs that you never answered about */
  'setting-rules': null;
  /** What they may do where they get leave, and what a question begins with. */
  'setting-rules-note': null;
  /** Show what is copied */
  'setting-show': null;
  /** Socket for programs */
  'setting-socket': null;
  /** Start when I log in */
  'setting-start': null;
  /** Your programs can use it right after you log in. */
  'setting-start-note': null;
  /** Configuration */
  'setting-trouble': null;
  /** Unlock */
  'setting-unlock': null;
  /** Unlocking… */
  'setting-unlocking': null;
  /** New sign-ins cannot be stored now. They are kept in memory meanwhile, and it is tried again. Check that the disk is not full, and look at the keychain with the password program of your desktop. */
  'setting-unsaved': null;
  /** Where sign-ins are kept */
  'setting-vault': null;
  /** Encrypted file */
  'setting-vault-file-name': null;
  /** Sign-ins are kept in a file that only your passphrase opens. */
  'setting-vault-file-text': null;
  /** Keychain */
  'setting-vault-keychain-name': null;
  /** Sign-ins are kept in the keychain of your desktop. */
  'setting-vault-keychain-text': null;
  /** NAME, locked */
  'setting-vault-locked': { name: string | number };
  /** Memory */
  'setting-vault-memory-name': null;
  /** Sign-ins are kept in memory and are gone when MCP Valet ends. */
  'setting-vault-memory-text': null;
  /** Shared vault */
  'setting-vault-shared-name': null;
  /** Sign-ins are kept, sealed, in the vault that the machines of a fleet share. */
  'setting-vault-shared-text': null;
  /** NAME, unlocked */
  'setting-vault-unlocked': { name: string | number };
  /** Version VERSION */
  'setting-version': { version: string | number };
  /** Others */
  'snippet-others': null;
  /** In a terminal: */
  'snippet-where-claude': null;
  /** In ~/.codex/config.toml: */
  'snippet-where-codex': null;
  /** In a terminal: */
  'snippet-where-curl': null;
  /** In Claude Desktop, Cursor, and others that start their servers: */
  'snippet-where-other': null;
  /** In .vscode/mcp.json of your project: */
  'snippet-where-vscode': null;
  /** at TIME */
  'time-at': { time: string | number };
  /** DAY at TIME */
  'time-day-at': { day: string | number; time: string | number };
  /** COUNT hours ago */
  'time-hours': { count: string | number };
  /** just now */
  'time-just-now': null;
  /** COUNT minutes ago */
  'time-minutes': { count: string | number };
  /** on DAY */
  'time-on': { day: string | number };
  /** on DAY at TIME */
  'time-on-at': { day: string | number; time: string | number };
  /** tomorrow at TIME */
  'time-tomorrow': { time: string | number };
  /** yesterday at TIME */
  'time-yesterday': { time: string | number };
  /** Repeat it */
  'vault-again': null;
  /** Begin a new file */
  'vault-anew': null;
  /** You choose a passphrase next, and authorize your servers again. */
  'vault-anew-note': null;
  /** What is in the keychain stays there, because it cannot be read now; you will have to authorize those servers again. */
  'vault-away-note': null;
  /** Change the passphrase */
  'vault-change': null;
  /** The old passphrase opens nothing any more, except copies of the file that were made before. */
  'vault-change-note': null;
  /** The passphrase was changed. */
  'vault-changed': null;
  /** Encrypted file */
  'vault-choice-file-name': null;
  /** For computers without a keychain. You give a passphrase each time. */
  'vault-choice-file-text': null;
  /** Keychain */
  'vault-choice-keychain-name': null;
  /** Opens when you log in. */
  'vault-choice-keychain-text': null;
  /** Set the passphrase */
  'vault-choose': null;
  /** Your sign-ins are kept in a file that nobody opens without this passphrase. Nobody can recover it, so keep it somewhere safe. */
  'vault-choose-note': null;
  /** Your sign-ins are kept in the encrypted file from now on. */
  'vault-chosen': null;
  /** Use its copy */
  'vault-copy': null;
  /** MCP Valet keeps a second copy of it. You give the passphrase next. */
  'vault-copy-note': null;
  /** The encrypted file is damaged. It is kept as it is, whatever you choose here. */
  'vault-damaged': null;
  /** The two do not match. */
  'vault-differ': null;
  /** Your sign-ins are in an encrypted file. It waits for its passphrase. */
  'vault-enter-note': null;
  /** Keep secrets in */
  'vault-keep-in': null;
  /** at least COUNT letters; several words are best */
  'vault-least': { count: string | number };
  /** Begin anew */
  'vault-lost': null;
  /** Only if it is lost for good: you authorize your servers again, and answer again about programs. */
  'vault-lost-note': null;
  /** Move everything there */
  'vault-move': null;
  /** Everything that is kept now moves there. */
  'vault-move-note': null;
  /** Your sign-ins are in the keychain now. */
  'vault-moved': null;
  /** New passphrase */
  'vault-new': null;
  /** The other place for your sign-ins is used when MCP Valet is started again. */
  'vault-notice-at_next_start': null;
  /** What you authorize is forgotten when MCP Valet ends. */
  'vault-notice-forgets': null;
  /** No keychain is running: what you authorize is forgotten when MCP Valet ends. Settings has another place for it. */
  'vault-notice-no_keychain': null;
  /** Passphrase */
  'vault-old': null;
  /** Current passphrase */
  'vault-old-now': null;
  /** Unlock */
  'vault-open': null;
  /** Unlocked. */
  'vault-opened': null;
  /** A passphrase has at least COUNT letters. */
  'vault-short': { count: string | number };
  /** Encrypted file */
  'vault-title': null;
  /** Keep them in an encrypted file */
  'vault-to-file': null;
  /** Choose a passphrase */
  'vault-to-passphrase-choose': null;
  /** Enter the passphrase */
  'vault-to-passphrase-enter': null;
  /** Look at it */
  'vault-to-passphrase-mend': null;
  /** A moment… */
  'vault-working': null;
  /** Uses SERVER. Let in SINCE, not used yet. */
  'web-not-used': { server: string | number; since: string | number };
  /** Its answers go to REDIRECT */
  'web-redirect': { redirect: string | number };
  /** Take back */
  'web-take-back': null;
  /** Web clients */
  'web-title': null;
  /** They came by the address for web clients, and you let them in. Their names are their own word. */
  'web-under': null;
  /** Uses SERVER. Let in SINCE, last used WHEN. */
  'web-used': { server: string | number; since: string | number; when: string | number };
  /** About */
  'window-about': null;
  /** Add server */
  'window-add': null;
  /** MCP Valet */
  'window-app': null;
  /** Back */
  'window-back': null;
  /** Cancel */
  'window-cancel': null;
  /** PROGRAM and MORE more are connected */
  'window-connected': { more: string | number; program: string | number };
  /** Connecting… */
  'window-connecting': null;
  /** Copied */
  'window-copied': null;
  /** Copy */
  'window-copy': null;
  /** Nothing was changed. Open MCP Valet again if this stays. */
  'window-lost-advice': null;
  /** MCP Valet does not answer */
  'window-lost-detail': null;
  /** MCP Valet does not answer. Trying again… */
  'window-lost-line': null;
  /** Select and copy it yourself */
  'window-not-copied': null;
  /** Quit */
  'window-quit': null;
  /** Servers */
  'window-servers': null;
  /** Settings */
  'window-settings': null;
  /** Try again */
  'window-try-again': null;
  /** Restart MCP Valet; its parts may have different versions. */
  'window-unclear-advice': null;
  /** The answer was not understood */
  'window-unclear-detail': null;
}
