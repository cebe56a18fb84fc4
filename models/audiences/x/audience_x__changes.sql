{{ audience_changes(
    contacts='audience_x__contacts',
    key='match_key',
    kept=['contact_id'],
    identifiers=['email'],
    cleared={'custom_audiences': "''"},
) }}
