{{ audience_changes(
    contacts='audience_x__contacts',
    key='match_key',
    kept=['contact_id', 'email'],
    cleared={'custom_audiences': "''"},
) }}
