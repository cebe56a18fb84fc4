{{ audience_changes(
    contacts='audience_snap__contacts',
    key='match_key',
    kept=['contact_id'],
    identifiers=['email_sha256', 'phone_sha256'],
    cleared={'segments': "''"},
) }}
