{{ audience_changes(
    contacts='audience_meta__contacts',
    key='match_key',
    kept=['contact_id'],
    identifiers=['email', 'phone'],
    cleared={'custom_audiences': "''"},
) }}
