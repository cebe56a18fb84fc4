{{ audience_changes(
    contacts='audience_shopify__contacts',
    key='contact_id',
    cleared={'tags': "''"},
) }}
