{{ audience_changes(
    contacts='audience_iterable__contacts',
    key='user_id',
    cleared={'data_fields': "'{' || chr(34) || 'crmSegments' || chr(34) || ': []}'"},
) }}
