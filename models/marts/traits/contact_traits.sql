{%- set traits_by_model = {
    'contacts': {'null': [
        'contact_id', 'is_erased', 'source_record_count', 'acquisition_source', 'country_code', 'region', 'city', 'language_code',
        'time_zone', 'gender', 'education', 'income_band', 'job_title', 'lifestyle',
    ]},
    'int_consents__permissions': {'false': ['may_email', 'may_sms', 'may_push']},
    'int_traits__relations': {'false': ['has_open_complaint']},
    'int_traits__purchases': {
        '0': [
            'order_count', 'purchase_count', 'purchases_90_days', 'purchases_365_days', 'net_spend_total', 'net_spend_365_days',
            'refunded_order_count', 'promotion_purchase_count',
        ],
        'null': ['average_purchase_amount', 'mean_days_between_purchases', 'last_sales_channel'],
    },
    'int_traits__categories': {'null': ['purchased_categories', 'recent_categories', 'top_category']},
    'int_traits__next_products': {'null': ['last_product_id', 'next_product_id', 'next_product_support', 'next_product_lift']},
    'int_traits__seasons': {
        '0': ['black_friday_share', 'christmas_share'],
        'false': ['bought_last_black_friday'],
        'null': ['top_season', 'top_season_share', 'last_seasons_bought'],
    },
    'int_traits__customer_categories': {'null': ['customer_category']}, 'int_traits__tags': {'null': ['tags']},
    'int_traits__behaviour': {'0': each_with_each(counted_activities().values(), ['7_days', '30_days', '90_days'])},
    'int_traits__sessions': {
        '0': ['session_count', 'sessions_30_days', 'converted_session_count', 'active_days_30_days', 'active_days_90_days'],
        'null': ['first_campaign_id', 'last_campaign_id', 'sessions_to_first_purchase', 'days_since_last_seen'],
    },
    'int_traits__timing': {'null': [
        'most_active_weekday', 'most_active_hour', 'best_email_hour', 'best_sms_hour', 'best_push_hour', 'best_channel',
    ]},
    'int_behaviour__carts': {
        '0': ['cart_item_count', 'cart_value'], 'false': ['has_abandoned_cart'], 'null': ['hours_since_cart_addition'],
    },
    'int_traits__interests': {'null': ['top_topics', 'top_viewed_category']},
    'int_traits__social': {'0': ['social_handle_count'], 'false': ['has_loyalty_number']},
    'int_traits__attributes': {'null': [
        'loyalty_points', 'in_market_for', 'in_market_provider', 'in_market_party', 'in_market_age_days', 'is_home_owner',
        'household_size', 'attributes',
    ]},
    'int_traits__engagement': {
        '0': each_with_each(['messages_received', 'messages_opened', 'messages_clicked', 'messages_replied'], ['90_days'])
        + each_with_each(['email', 'sms', 'push'], ['sent_90_days', 'opened_90_days', 'clicked_90_days', 'replied_90_days']),
        "'none'": ['engagement_level'], 'null': ['open_rate', 'click_rate'],
    },
    'int_traits__devices': {
        '0': ['device_type_count'], 'null': ['device_type', 'operating_system', 'app_version', 'app_generations_behind'],
    },
    'int_lifecycle__subscriptions': {"'none'": ['subscription_state']},
    'contact_rfm_scores': {'null': ['recency_score', 'frequency_score', 'monetary_score', 'rfm_score', 'rfm_group']},
    'contact_lead_scores': {'null': ['lead_score', 'lead_grade', 'is_hot_lead']},
    'contact_lifecycle_stages': {'null': ['lifecycle_stage', 'funnel_stage', 'days_in_funnel_stage', 'is_beyond_funnel_cycle']},
    'contact_activation': {'null': ['activation_step', 'next_conversion_point']},
} %}

-- Guarantees one row per contact. What a contact without a row in a trait's model has: 0 of a count, false, the word none, or nothing.
with

{{ imports(dict(zip(traits_by_model, traits_by_model))) }}

traits as (

    select
        {%- for model, traits_by_default in traits_by_model.items() %}
        {%- for default, traits in traits_by_default.items() %}
        {%- for trait in traits %}
        {{ model ~ '.' ~ trait if default == 'null' else 'coalesce(' ~ model ~ '.' ~ trait ~ ', ' ~ default ~ ') as ' ~ trait }},
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
        contact_lifecycle_stages.days_in_stage as days_in_lifecycle_stage,
        contact_lifecycle_stages.previous_stage as previous_lifecycle_stage,
        contacts.email is not null as has_email,
        contacts.phone_e164 is not null as has_phone,
        contacts.company is not null as is_business,
        contact_activation.signed_up_on is not null as is_signed_up,
        '|' || lower(contacts.interests) || '|' as interests,
        {{ years_ago('contacts.birth_date') }} as age,
        cast(floor({{ years_ago('contacts.birth_date') }} / 10.0) * 10 as {{ dbt.type_int() }}) as age_decade,
        cast(extract(month from contacts.birth_date) as {{ dbt.type_int() }}) as birth_month,
        cast({{ days_ago('contacts.first_seen_at') }} as {{ dbt.type_int() }}) as days_since_first_seen,
        cast({{ days_ago('int_traits__purchases.first_purchase_on') }} as {{ dbt.type_int() }}) as days_since_first_purchase,
        cast({{ days_ago('int_traits__purchases.last_purchase_on') }} as {{ dbt.type_int() }}) as days_since_last_purchase,
        cast({{ days_ago('contact_activation.signed_up_on') }} as {{ dbt.type_int() }}) as days_since_sign_up,
        cast({{ days_ago('int_traits__relations.last_message_at') }} as {{ dbt.type_int() }}) as days_since_last_message,
        cast({{ days_ago('int_lifecycle__subscriptions.last_started_at') }} as {{ dbt.type_int() }}) as days_since_subscription_started,
        cast({{ days_ago('int_lifecycle__subscriptions.last_cancelled_at') }} as {{ dbt.type_int() }}) as days_since_subscription_cancelled,
        coalesce(int_lifecycle__subscriptions.subscription_state = 'subscribed', false) as is_subscribed

    from contacts

    left join contact_activation on contacts.contact_id = contact_activation.contact_id
    {%- for model in traits_by_model if model not in ['contacts', 'contact_activation'] %}

    left join {{ model }} on contacts.contact_id = {{ model }}.contact_id
    {%- endfor %}

)

select * from traits
