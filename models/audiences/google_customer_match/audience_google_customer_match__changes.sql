{{ audience_changes(
    contacts='audience_google_customer_match__contacts',
    key='match_key',
    kept=['contact_id'],
    identifiers=['hashed_email', 'hashed_phone_number'],
    cleared={'user_lists': "''"},
) }}
