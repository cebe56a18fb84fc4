with

{{ imports({'visits': 'int_activity__visits', 'visitors': 'int_behaviour__visitors'}) }}

owned_visits as (

    select
        {%- for column in [
            'source_system', 'visitor_type', 'visitor_id', 'occurred_on', 'started_at', 'ended_at', 'event_count', 'page_viewed_count',
            'product_viewed_count', 'cart_added_count', 'checkout_started_count', 'first_page_path', 'first_channel', 'first_campaign_id',
            'first_device_type', 'first_operating_system', 'first_app_version', 'last_page_path', 'as_of_date',
        ] %}
        visits.{{ column }},
        {%- endfor %}
        visitors.contact_id,
        {{ person_key('visits') }} as person_key

    from visits

    left join visitors
        on
            {{ same_visitor('visits') }}

)

select * from owned_visits
