{{ audience_changes(
    contacts='audience_onesignal__contacts',
    key='external_id',
    cleared={'tags': "'{' || chr(34) || 'segments' || chr(34) || ': ' || chr(34) || chr(34) || '}'"},
) }}
